package trackersync.operation;

import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The idempotent repository of the sinks that take one call a record; bean {@code deliveries}. A
 * key is {@code connection/sink/stream/record@revision}; it is known once that revision is
 * delivered, which delivered.sql writes. A filter only: each sink's write is idempotent by itself.
 */
public final class Deliveries extends ServiceSupport implements IdempotentRepository {
  private final JdbcTemplate jdbc;

  public Deliveries(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public boolean contains(String key) {
    int at = key.lastIndexOf('@');
    String[] parts = key.substring(0, at).split("/", 4);
    Integer found =
        jdbc.queryForObject(
            "select count(*) from deliveries where connection_id = ?::uuid and sink = ?"
                + " and stream = ? and record_key = ? and delivered_revision = ?",
            Integer.class,
            parts[0],
            parts[1],
            parts[2],
            parts[3],
            key.substring(at + 1));
    return found != null && found > 0;
  }

  /** Not eager: nothing is stored before the work is done. */
  @Override
  public boolean add(String key) {
    return !contains(key);
  }

  @Override
  public boolean remove(String key) {
    return false;
  }

  @Override
  public boolean confirm(String key) {
    return true;
  }

  @Override
  public void clear() {
    throw new UnsupportedOperationException("deliveries are never forgotten");
  }
}
