"""What metered providers charged, by day (UTC)."""

from __future__ import annotations

from sqlite_utils import Database

from db.connect import now, writing


def save_cost(db: Database, provider: str, cost_usd: float) -> None:
    """Add the price of one call to today's."""
    with writing(db):
        db.conn.execute(
            """INSERT INTO provider_cost (provider, day, n_calls, cost_usd) VALUES (?, ?, 1, ?)
               ON CONFLICT DO UPDATE SET n_calls = n_calls + 1, cost_usd = cost_usd + excluded.cost_usd""",
            [provider, now()[:10], cost_usd],
        )


def cost_today(db: Database, provider: str) -> float:
    """USD charged since midnight UTC."""
    row = db.conn.execute("SELECT cost_usd FROM provider_cost WHERE provider = ? AND day = ?", [provider, now()[:10]]).fetchone()
    return float(row[0]) if row else 0.0
