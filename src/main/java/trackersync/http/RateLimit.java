package trackersync.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Token buckets, one a key, each a minute's worth deep. At most {@value #KEYS_MAX} keys are
 * remembered; the one used longest ago goes first, and comes back full.
 */
final class RateLimit {
  static final int KEYS_MAX = 10_000;

  private final long perMinute;
  private final LongSupplier nanos;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > KEYS_MAX;
        }
      };

  private static final class Bucket {
    private double left;
    private long at;
  }

  /**
   * @param nanos a clock that never goes back
   */
  RateLimit(int perMinute, LongSupplier nanos) {
    this.perMinute = perMinute;
    this.nanos = nanos;
  }

  /**
   * Takes one.
   *
   * @return zero when there was one; else how long until there is, in whole seconds
   */
  synchronized Duration take(String key) {
    long now = nanos.getAsLong();
    Bucket bucket =
        buckets.computeIfAbsent(
            key,
            fresh -> {
              Bucket full = new Bucket();
              full.left = perMinute;
              full.at = now;
              return full;
            });
    bucket.left = Math.min(perMinute, bucket.left + (now - bucket.at) / 60e9 * perMinute);
    bucket.at = now;
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return Duration.ZERO;
    }
    return Duration.ofSeconds((long) Math.ceil((1 - bucket.left) * 60 / perMinute));
  }

  synchronized int size() {
    return buckets.size();
  }
}
