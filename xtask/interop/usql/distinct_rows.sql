SELECT DISTINCT customer, discount, quantity > 5 FROM sales
