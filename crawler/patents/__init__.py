"""Patents: parsers of what offices and services give, and passages that name a dataset.  Knows no Scrapy and no database handle."""
