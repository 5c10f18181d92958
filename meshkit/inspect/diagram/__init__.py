"""The mesh as a picture: who is in it, where, and who calls whom; as Mermaid text and as SVG."""
