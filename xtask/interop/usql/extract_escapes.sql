SELECT id, text, length(text)::INT FROM escaped
