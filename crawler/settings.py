"""Scrapy's settings: each that differs from the default with its reason.

https://docs.scrapy.org/en/latest/topics/settings.html.  What follows from the user's configuration (user agent, pace) is set
by the spiders.
"""

BOT_NAME = "whereused"
SPIDER_MODULES = ["crawler.spiders"]

# Manners
ROBOTSTXT_OBEY = True  # for full texts; the spider of an API, which was made for programs, says otherwise
ROBOTSTXT_USER_AGENT = "whereused"  # the name that a robots.txt can mention
COOKIES_ENABLED = False  # nobody needs to recognise us
REFERRER_POLICY = "no-referrer"  # nor to know where we come from
METAREFRESH_ENABLED = False  # a page that sends browsers on is no PDF
DOWNLOAD_DELAY_JITTER = 0.0  # the pace is an agreement, not a disguise

# Safety
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}  # links come from outside: only the web
DOWNLOAD_VERIFY_CERTIFICATES = True  # a key travels in a header, and evidence should come from whom it names
TELNETCONSOLE_ENABLED = False  # no open ports …
REMOTE_CONTROL_ENABLED = False
# … and not even the code for them, nor for feeds: what is harvested goes into the database.  Scrapy imports also what EXTENSIONS
# switches off (an HTTP server, a third of a second), so that its own list has to be another one.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}
DOWNLOAD_MAXSIZE = 64 * 1024**2  # bytes, also after unpacking; a page of a list has at most 10 MB, few papers have more than 50
DOWNLOAD_WARNSIZE = 0

# Order
CONCURRENT_ITEMS = 1  # what a page holds is saved before the next page is asked for
REDIRECT_MAX_TIMES = 8
RETRY_ENABLED = False  # BackOffMiddleware knows Retry-After and the providers' rules; Scrapy's retry doesn't
LOG_LEVEL = "INFO"  # DEBUG prints every item
STATS_DUMP = False  # the report says it better

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # lets some requests through; ours says how
    "crawler.manners.robots.RobotsMiddleware": 100,
    "crawler.archive.ArchiveMiddleware": 560,  # sees every answer, also those that are asked for again
    "crawler.replay.ReplayMiddleware": 570,  # before anybody is asked, a name server too
    "crawler.middlewares.BackOffMiddleware": 550,  # sees answers after unpacking, and redirects after they were followed
}

ITEM_PIPELINES = {
    "crawler.pipelines.CanonicalIds": 100,  # ids in the form in which they are compared; what is no id is dropped
    "crawler.pipelines.TidyTexts": 200,  # white space, control characters, e-mail addresses cut to their domain
    "crawler.pipelines.PlausibleDates": 300,  # years and dates that can be
    "crawler.pipelines.WebPlaces": 400,  # places of full texts that can be asked
    "crawler.pipelines.OnlyPdfs": 500,  # what came in place of a PDF is refused
    "crawler.pipelines.StorePdf": 600,  # the file first …
    "crawler.patent_pipeline.SavePatents": 800,  # patents, with the passages in their text
    "crawler.pipelines.SaveAll": 900,  # … then the rows: a page, its works and the new position in one transaction
}
