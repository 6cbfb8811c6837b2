"""The product's words as frozen data; no behaviour beyond names and serial form."""
