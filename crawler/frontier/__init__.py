"""Full texts fetched by several machines over one frontier in Redis; nothing here is loaded unless a user asks for it (extra ``redis``)."""
