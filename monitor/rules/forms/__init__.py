"""Word forms: from the dictionary form an analyst writes to everything a journalist may write. Pure.

One table module a language, the form dictionary, and two doors: `words.word_forms` and `names.name_form_keys`.
"""
