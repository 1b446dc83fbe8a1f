package trackersync.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing to measure.
 *
 * @param id short and unique, for the JSON report
 * @param words for people
 * @param kind which program does it
 * @param connections repositories read at the same time; together they hold the same number
 * @param latency milliseconds before every answer of the toy
 * @param guarantee what is taken away from the engine
 * @param warm whether it has worked before the clock starts
 * @param steps what the engine does one after another, each measured
 */
record Variant(
    String id,
    String words,
    Kind kind,
    int connections,
    int latency,
    Guarantee guarantee,
    boolean warm,
    List<String> steps) {

  static final String FIRST = "first";
  static final String AGAIN = "again";
  static final String SWEEP = "sweep";

  /** The connections of the parallel variants. */
  static final int MANY = 8;

  /** Latency of the variants that have one, in milliseconds. */
  static final int FAR = 50;

  enum Kind {
    DOWNLOAD,
    PARSE,
    COPY,
    SHELL,
    ENGINE
  }

  boolean stores() {
    return kind == Kind.COPY || kind == Kind.SHELL || kind == Kind.ENGINE;
  }

  /** Groups that {@code --only} can name. */
  enum Group {
    floors,
    near,
    far,
    guarantees
  }

  static List<Variant> of(Group group) {
    return switch (group) {
      case floors ->
          List.of(
              floor("download", "raw download", Kind.DOWNLOAD, 0),
              floor("parse", "download + parse", Kind.PARSE, 0),
              floor("copy", "COPY + merge of rows mapped beforehand", Kind.COPY, 0));
      case near ->
          List.of(
              floor("shell", "curl \\| jq \\| psql", Kind.SHELL, 0),
              engine("ours-cold", "tracker-sync, just started", 1, 0, false, FIRST),
              engine("ours-1", "tracker-sync", 1, 0, true, FIRST, AGAIN, SWEEP),
              engine("ours-8", "tracker-sync", MANY, 0, true, FIRST, AGAIN, SWEEP));
      case far ->
          List.of(
              floor("download-far", "raw download", Kind.DOWNLOAD, FAR),
              floor("shell-far", "curl \\| jq \\| psql", Kind.SHELL, FAR),
              engine("ours-1-far", "tracker-sync", 1, FAR, true, FIRST),
              engine("ours-8-far", "tracker-sync", MANY, FAR, true, FIRST));
      case guarantees -> {
        List<Variant> all = new ArrayList<>();
        for (Guarantee guarantee : Guarantee.values()) {
          all.add(
              new Variant(
                  id(guarantee),
                  guarantee.words(),
                  Kind.ENGINE,
                  MANY,
                  0,
                  guarantee,
                  true,
                  List.of(FIRST)));
        }
        yield all;
      }
    };
  }

  static String id(Guarantee guarantee) {
    return "guarantee-" + guarantee.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Variant floor(String id, String words, Kind kind, int latency) {
    return new Variant(id, words, kind, 1, latency, Guarantee.ALL, true, List.of(FIRST));
  }

  static Variant engine(
      String id, String words, int connections, int latency, boolean warm, String... steps) {
    return new Variant(
        id, words, Kind.ENGINE, connections, latency, Guarantee.ALL, warm, List.of(steps));
  }
}
