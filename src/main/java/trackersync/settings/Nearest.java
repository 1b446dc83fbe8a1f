package trackersync.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What a mistyped word was probably meant to be. */
public final class Nearest {

  private Nearest() {}

  /** The closest candidate, when it is close enough to be a slip of the finger. */
  public static Optional<String> to(String word, Collection<String> candidates) {
    String plain = plain(word);
    int allowed = Math.max(1, Math.min(3, plain.length() / 4));
    return candidates.stream()
        .filter(candidate -> distance(plain, plain(candidate)) <= allowed)
        .min(
            Comparator.comparingInt((String it) -> distance(plain, plain(it)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** So that {@code http.bodyMax} and {@code HTTP_BODY_MAX} are {@code http.body-max}. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
  }

  /** Optimal string alignment: inserted, removed, replaced and swapped letters. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
