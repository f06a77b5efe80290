SELECT product, quantile_cont(quantity, 0.5), quantile_disc(quantity, 0.25) FROM sales GROUP BY product
