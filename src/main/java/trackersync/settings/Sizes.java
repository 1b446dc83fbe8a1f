package trackersync.settings;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as settings write them: {@code 512B 512KB 32MB 1GB}, in powers of 1024. */
public final class Sizes {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(B|KB|MB|GB)");

  private Sizes() {}

  /** Bytes; empty when the text is not a size. */
  public static OptionalLong parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      return OptionalLong.empty();
    }
    long amount = Long.parseLong(form.group(1));
    return OptionalLong.of(
        switch (form.group(2)) {
          case "B" -> amount;
          case "KB" -> amount << 10;
          case "MB" -> amount << 20;
          default -> amount << 30;
        });
  }
}
