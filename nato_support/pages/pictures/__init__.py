"""Pictures of the register: pure functions from the API's answers to SVG text.

Each returns a `Picture`: the SVG, what it shows in words, the boxes of its labels, and its data as rows for the table beneath it
and for CSV. A picture depends on its data alone: no random numbers, no clock, no order of a set or of a database.

SVG text does not wrap, and a picture scaled down to a phone cannot be read. So each is drawn for a width, `WIDE` or `NARROW`,
with type of the size in which it is shown, and a page holds both and shows one.
"""
