package trackersync.toy;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The ids of bugs, which are unique over all releases: a release has a block of ten million, drawn
 * from its name. Two names that draw the same block take the next free one, in the order of their
 * first use. A bug that moves to another release takes its id along. Safe for several threads.
 */
final class BugIds {
  private static final long BLOCK = 10_000_000;
  private static final int BLOCKS = 899;

  private final Map<String, Long> blocks = new HashMap<>();
  private final Map<Long, String> releases = new HashMap<>();
  private final Map<Place, Long> taken = new HashMap<>();
  private final Map<Long, Place> moved = new HashMap<>();

  /** A bug, by its release and its number there. */
  record Place(String release, int number) {}

  synchronized long of(String release, int number) {
    Long along = taken.get(place(release, number));
    return along == null ? block(release) * BLOCK + number : along;
  }

  /** From now on the bug at {@code to} has this id. */
  synchronized void move(long id, Place to) {
    taken.put(place(to.release(), to.number()), id);
    moved.put(id, to);
  }

  private static Place place(String release, int number) {
    return new Place(release.toLowerCase(Locale.ROOT), number);
  }

  private long block(String release) {
    return blocks.computeIfAbsent(
        release.toLowerCase(Locale.ROOT),
        name -> {
          long block = 1 + Math.floorMod(Draw.mix(0xB065, name), BLOCKS);
          while (releases.containsKey(block)) {
            block++;
          }
          releases.put(block, release);
          return block;
        });
  }

  /** Where the bug of an id is; null for an id of no release that was asked for. */
  synchronized Place place(long id) {
    if (moved.containsKey(id)) {
      return moved.get(id);
    }
    String release = releases.get(id / BLOCK);
    return release == null ? null : new Place(release, (int) (id % BLOCK));
  }
}
