package trackersync.embedded;

import java.nio.file.Path;
import java.util.Optional;

/** The data folder has an owner already. The message names its process and the cure. */
public final class DataOwnedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  DataOwnedException(Path data, Optional<Running> owner) {
    super(
        owner
            .map(
                it ->
                    ("tracker-sync already runs on %s: process %d (%s, since %s)%s."
                            + " Stop it first (kill %d), or set data.dir to another folder.")
                        .formatted(
                            data,
                            it.pid(),
                            it.command(),
                            it.startedAt(),
                            it.api().map(url -> ", " + url).orElse(""),
                            it.pid()))
            .orElse(
                "Another process has just taken %s. Try again in a moment, or set"
                    + " data.dir to another folder.".formatted(data)));
  }
}
