"""What a program's resource graph says: proof, questions about access, pictures, reports."""
