package trackersync.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.quartz.CronExpression;

/** What a setting's value must be. */
enum SettingType {
  /** Any text on one line; its range is its length. */
  TEXT("text") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      long low = setting.range().map(it -> Long.parseLong(it.low())).orElse(0L);
      long high = setting.range().map(it -> Long.parseLong(it.high())).orElse(Long.MAX_VALUE);
      return value.length() < low || value.length() > high
          ? Optional.of(
              "%d characters long. Give one of %s characters."
                  .formatted(value.length(), setting.range().orElseThrow()))
          : Optional.empty();
    }
  },
  PATH("path") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return value.indexOf('\0') >= 0 ? Optional.of("not a path.") : Optional.empty();
    }
  },
  INTEGER("integer") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      Optional<Long> number = number(value);
      if (number.isEmpty()) {
        return Optional.of("not a whole number" + cure(setting, "8"));
      }
      return within(number.get(), setting, text -> number(text).orElseThrow())
          ? Optional.empty()
          : Optional.of("out of range" + cure(setting, "8"));
    }
  },
  DURATION("duration") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      Optional<Duration> duration = Durations.parse(value);
      if (duration.isEmpty()) {
        return Optional.of("not a duration" + cure(setting, "250ms, 5s, 1m, 1h or 7d"));
      }
      return within(duration.get(), setting, text -> Durations.parse(text).orElseThrow())
          ? Optional.empty()
          : Optional.of("out of range" + cure(setting, "5s"));
    }
  },
  SIZE("size") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      OptionalLong size = Sizes.parse(value);
      if (size.isEmpty()) {
        return Optional.of("not a size" + cure(setting, "512KB or 32MB"));
      }
      return within(size.getAsLong(), setting, text -> Sizes.parse(text).orElseThrow())
          ? Optional.empty()
          : Optional.of("out of range" + cure(setting, "32MB"));
    }
  },
  FLAG("flag") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return value.equals("true") || value.equals("false")
          ? Optional.empty()
          : Optional.of("neither true nor false. Give one of them.");
    }
  },
  CHOICE("choice") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return setting.values().contains(value) ? Optional.empty() : oneOf(value, setting.values());
    }
  },
  LIST("list") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return items(value).stream()
          .filter(item -> !setting.values().contains(item))
          .findFirst()
          .flatMap(item -> oneOf(item, setting.values()));
    }
  },
  /** Name of a folder under routes/trackers; {@link Setting#values()} holds those that exist. */
  TRACKER("tracker") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return CHOICE.problem(value, setting);
    }
  },
  /** Names of folders under routes/sinks. */
  SINKS("sinks") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return items(value).isEmpty() ? Optional.of("no sink.") : LIST.problem(value, setting);
    }
  },
  /** Key of a project, the front of its issues' keys. */
  PROJECT("project") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return PROJECT_KEY.matcher(value).matches()
          ? Optional.empty()
          : Optional.of("no project's key. Give 2 to 10 capital letters and digits, such as SHOP.");
    }
  },
  HOST("host") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return HOST_NAME.matcher(value).matches()
          ? Optional.empty()
          : Optional.of("not a host name or address. Give one such as 127.0.0.1, without a port.");
    }
  },
  URL("url") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      try {
        URI url = new URI(value);
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("https") || scheme.equals("http")) || url.getHost() == null) {
          return Optional.of("not a web address. Give one such as https://github.com/acme/shop.");
        }
        return url.getRawUserInfo() == null && url.getRawFragment() == null
            ? Optional.empty()
            : Optional.of("holds a user or a fragment. Leave them out; tokens have their own key.");
      } catch (URISyntaxException notAnAddress) {
        return Optional.of(
            "not a web address (%s). Give one such as https://github.com/acme/shop."
                .formatted(notAnAddress.getReason()));
      }
    }
  },
  JDBC("jdbc") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      if (!value.startsWith("jdbc:postgresql:")) {
        return Optional.of("not a JDBC address. Give jdbc:postgresql://HOST:5432/DATABASE.");
      }
      String lower = value.toLowerCase(Locale.ROOT);
      return lower.contains("password=") || lower.contains("@")
          ? Optional.of("holds a password. Move it to database.user and database.password.")
          : Optional.empty();
    }
  },
  /** A Tink keyset as JSON; whether it decrypts is the business of whoever uses it. */
  KEYSET("keyset") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return value.startsWith("{") && value.endsWith("}") && value.contains("\"primaryKeyId\"")
          ? Optional.empty()
          : Optional.of("not a keyset. Make one: ./tracker-sync token --encryption-key.");
    }
  },
  ENDPOINT("endpoint") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      return ENDPOINT_URI.matcher(value).matches()
          ? Optional.empty()
          : Optional.of("not a Camel endpoint. Give one such as seda:operations.");
    }
  },
  SCHEDULE("schedule") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      Optional<Duration> interval = Durations.parse(value);
      if (interval.isPresent()) {
        return interval.get().compareTo(Duration.ofSeconds(1)) < 0
            ? Optional.of("shorter than a second. Give 1s or more.")
            : Optional.empty();
      }
      try {
        new CronExpression(value);
        return Optional.empty();
      } catch (ParseException notCron) {
        return Optional.of(
            "neither an interval nor a Quartz cron expression (%s). Give 15m, or 0 0/15 * * * ?."
                .formatted(notCron.getMessage()));
      }
    }
  },
  ZONE("zone") {
    @Override
    Optional<String> problem(String value, Setting setting) {
      try {
        ZoneId.of(value);
        return Optional.empty();
      } catch (DateTimeException unknown) {
        return Optional.of("not a time zone. Give one such as Europe/Berlin or UTC.");
      }
    }
  };

  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]+|[0-9A-Fa-f:]+");
  private static final Pattern PROJECT_KEY = Pattern.compile("[A-Z][A-Z0-9]{1,9}");
  private static final Pattern ENDPOINT_URI = Pattern.compile("[a-z][a-z0-9+-]*:[^\\s]+");

  private final String word;

  SettingType(String word) {
    this.word = word;
  }

  /** What is wrong with a value that is not blank, with the cure; empty when it is right. */
  abstract Optional<String> problem(String value, Setting setting);

  /** As written after {@code # type:}. */
  String word() {
    return word;
  }

  static SettingType of(String word) {
    return Arrays.stream(values())
        .filter(type -> type.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown type of setting: " + word));
  }

  /** Parts of a value separated by commas. */
  static List<String> items(String value) {
    return Arrays.stream(value.split(",")).map(String::strip).filter(it -> !it.isEmpty()).toList();
  }

  static Optional<Long> number(String value) {
    return value.matches("-?\\d{1,18}") ? Optional.of(Long.parseLong(value)) : Optional.empty();
  }

  private static <T extends Comparable<T>> boolean within(
      T value, Setting setting, java.util.function.Function<String, T> parse) {
    return setting
        .range()
        .map(
            range ->
                value.compareTo(parse.apply(range.low())) >= 0
                    && value.compareTo(parse.apply(range.high())) <= 0)
        .orElse(true);
  }

  private static String cure(Setting setting, String example) {
    return setting
        .range()
        .map(range -> ". Give one within " + range + ".")
        .orElse(". Write it as " + example + ".");
  }

  private static Optional<String> oneOf(String value, List<String> known) {
    String all = known.isEmpty() ? "none is installed" : String.join(", ", known);
    return Optional.of(
        "'%s' is not known.%s Known: %s."
            .formatted(
                value,
                Nearest.to(value, known).map(it -> " Did you mean " + it + "?").orElse(""),
                all));
  }
}
