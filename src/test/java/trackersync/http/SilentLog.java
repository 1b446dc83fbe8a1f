package trackersync.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.LoggerFactory;

/** All that is logged at DEBUG while it is open, kept and not printed. */
final class SilentLog implements AutoCloseable {
  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory())
          .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level level = root.getLevel();
  private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
  private final ListAppender<ILoggingEvent> kept = new ListAppender<>();

  SilentLog() {
    for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
      others.add(all.next());
    }
    others.forEach(root::detachAppender);
    kept.start();
    root.addAppender(kept);
    root.setLevel(Level.DEBUG);
  }

  /** Messages with their exceptions. */
  List<String> lines() {
    return List.copyOf(kept.list).stream()
        .map(
            event ->
                event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                        ? ""
                        : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy())))
        .toList();
  }

  @Override
  public void close() {
    root.setLevel(level);
    root.detachAppender(kept);
    others.forEach(root::addAppender);
  }
}
