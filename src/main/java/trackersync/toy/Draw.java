package trackersync.toy;

/** Numbers drawn from a seed: the same seed gives the same numbers on every machine. */
final class Draw {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private Draw() {}

  /** SplitMix64's finisher: every bit of the answer depends on every bit of the seed. */
  static long mix(long seed) {
    long z = seed + STEP;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static long mix(long seed, long number) {
    return mix(seed + number * STEP);
  }

  static long mix(long seed, String text) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = mix(hash ^ text.charAt(i));
    }
    return hash;
  }

  /** A number of 0 until bound, from 16 of the draw's bits; bound at most 65,536. */
  static int pick(long draw, int shift, int bound) {
    return (int) (((draw >>> shift) & 0xFFFF) * bound >>> 16);
  }
}
