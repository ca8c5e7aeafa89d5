"""The page that the public opens: one self-contained HTML file for each dataset, and one over all of them."""
