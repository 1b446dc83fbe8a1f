package trackersync.toy;

/** The issues of a {@link ToyRepository}. */
final class ComputedIssues implements IssueSource {
  private final ToyRepository repository;
  private final IssueWriter writer;

  ComputedIssues(ToyRepository repository) {
    this.repository = repository;
    this.writer = new IssueWriter(repository);
  }

  ToyRepository repository() {
    return repository;
  }

  @Override
  public long id() {
    return repository.id();
  }

  @Override
  public Page write(IssueQuery query, int perPage, long page, boolean withAssignee, Bytes out) {
    int count = repository.count(query);
    int[] numbers = repository.numbers(query, (page - 1) * perPage, perPage);
    int[] starts = new int[numbers.length + 1];
    out.put('[');
    for (int i = 0; i < numbers.length; i++) {
      if (i > 0) {
        out.put(',');
      }
      starts[i] = out.length();
      writer.write(out, numbers[i], withAssignee);
    }
    starts[numbers.length] = out.length() + 1;
    out.put(']');
    return new Page(starts, (count + perPage - 1L) / perPage, null);
  }

  @Override
  public boolean write(int number, boolean withAssignee, Bytes out) {
    if (!repository.exists(number) || repository.change(number).gone()) {
      return false;
    }
    writer.write(out, number, withAssignee);
    return true;
  }
}
