SELECT product, count(*), count(discount), sum(quantity), sum(price), min(discount), max(sold), avg(discount), min(note),
       sum(discount)
FROM sales GROUP BY product
