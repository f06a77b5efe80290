SELECT product, round(var_samp(quantity), 9), round(var_pop(quantity), 9), round(stddev_samp(discount), 9), round(stddev_pop(discount), 9)
FROM sales GROUP BY product
