"""Catalogues of the pages' words: which there are to translate, and the files of the translations.

Everything works without GNU gettext: whoever runs the register has the compiled file, and whoever translates runs
`manage.py page_messages`.
"""
