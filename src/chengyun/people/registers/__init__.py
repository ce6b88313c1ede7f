"""The back office from one set of views: a register is declared, and gets its pages (docs/interfaces.md, «Registers»).

declaration  what a register says about itself; `registers()` collects them from every floor's `declares.py`
listing      search, filters, order, pages by key
telling      the history of a row in words
uses         where a row is used, asked before it is retired
bulk         one value for many rows, shown before it is written
book         a register as a workbook: what stands, what a file says, the differences
workbook     that as .xlsx: instructions, drop-downs, validation; and back
uploads      a file on its way: staged, looked at, applied against the state that was shown
views        the pages
"""
