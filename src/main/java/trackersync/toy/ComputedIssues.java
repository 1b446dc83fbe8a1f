package trackersync.toy;

/** The issues of a {@link ToyRepository}. */
final class ComputedIssues implements IssueSource {
  private final ToyRepository repository;
  private final RecordWriter writer;

  ComputedIssues(ToyRepository repository, RecordWriter writer) {
    this.repository = repository;
    this.writer = writer;
  }

  ToyRepository repository() {
    return repository;
  }

  @Override
  public long id() {
    return repository.id();
  }

  @Override
  public Page write(IssueQuery query, int perPage, long page, boolean detailed, Bytes out) {
    int count = repository.count(query);
    int[] numbers = repository.numbers(query, (page - 1) * perPage, perPage);
    int[] starts = write(numbers, detailed, out);
    return new Page(starts, count, (count + perPage - 1L) / perPage, null);
  }

  /** Adds issues as a JSON list and answers where each begins, and the place after the last. */
  int[] write(int[] numbers, boolean detailed, Bytes out) {
    int[] starts = new int[numbers.length + 1];
    out.put('[');
    for (int i = 0; i < numbers.length; i++) {
      if (i > 0) {
        out.put(',');
      }
      starts[i] = out.length();
      writer.write(out, numbers[i], detailed);
    }
    starts[numbers.length] = out.length() + 1;
    out.put(']');
    return starts;
  }

  @Override
  public boolean write(int number, boolean detailed, Bytes out) {
    if (!repository.exists(number) || repository.change(number).gone()) {
      return false;
    }
    writer.write(out, number, detailed);
    return true;
  }
}
