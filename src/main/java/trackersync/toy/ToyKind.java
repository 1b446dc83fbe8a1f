package trackersync.toy;

import java.util.List;
import java.util.function.Function;

/**
 * What tells the data of one tracker from another's.
 *
 * @param ticks how many parts of a second the tracker's times have: 1, 1,000 or 1,000,000
 * @param labels what issues are labelled with
 * @param writer makes the writer of a repository's issues
 * @param recorded how recorded pages of issues are read
 */
record ToyKind(
    Naming naming,
    long ticks,
    List<String> labels,
    Function<ToyRepository, RecordWriter> writer,
    ReplayedIssues.Format recorded) {

  ToyRepository repository(String fullName, ToyOptions.Size size) {
    return new ToyRepository(fullName, size, ticks, labels);
  }
}
