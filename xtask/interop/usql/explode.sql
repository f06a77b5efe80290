SELECT code, tag, length(tag)::INT FROM (SELECT code, unnest(string_split(tags, ';')) AS tag FROM products)
