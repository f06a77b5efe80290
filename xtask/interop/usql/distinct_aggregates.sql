SELECT product, count(DISTINCT customer), sum(DISTINCT quantity), count(DISTINCT discount) FROM sales GROUP BY product
