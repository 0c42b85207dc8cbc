"""The pages: templates, static files and the QR codes that lead to them."""
