SELECT id, customer, note, sold FROM sales
