from datetime import datetime

from django.db import connection, models


class BucketManager(models.Manager["Bucket"]):
    def hit(self, key: str, *, ends_at: datetime) -> int:
        """Add one and give the sum, exactly, however many do it at once."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO signatures_bucket (key, hits, ends_at) "
                "VALUES (%s, 1, %s) "
                "ON CONFLICT (key) DO UPDATE SET hits = signatures_bucket.hits + 1 "
                "RETURNING hits",
                [key, connection.ops.adapt_datetimefield_value(ends_at)],
            )
            (hits,) = cursor.fetchone()
        return int(hits)


class Bucket(models.Model):
    """How often something was done by somebody in a stretch of time.

    The key is a keyed hash of all three; it dies with the stretch.
    """

    key = models.CharField(max_length=32, primary_key=True)
    hits = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    objects = BucketManager()

    def __str__(self) -> str:
        return f"Bucket until {self.ends_at}"
