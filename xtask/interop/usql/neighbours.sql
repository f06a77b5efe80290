SELECT id, lag(quantity) OVER (PARTITION BY product ORDER BY id), lead(quantity, 2, -100) OVER (PARTITION BY product ORDER BY id),
       first_value(note) OVER (PARTITION BY product ORDER BY sold, id),
       last_value(id) OVER (PARTITION BY product ORDER BY sold, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), id
FROM sales
