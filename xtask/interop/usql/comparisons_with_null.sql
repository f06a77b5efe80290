SELECT id, discount IS NULL, discount IS DISTINCT FROM 0.25, coalesce(discount < 0.25, false), NOT coalesce(discount < 0.25, false),
       coalesce(discount, -1.0::DOUBLE), coalesce(customer, 0) IN (1, 2, 3), customer + quantity, discount IS NOT NULL,
       CASE WHEN customer > quantity THEN 'more' ELSE 'less' END, coalesce(discount BETWEEN 0.125 AND 0.375, false)
FROM sales
