package trackersync.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trackersync.settings.Settings;

/**
 * For YAML: drafts of release notes, by a language model or by a template, and their export. What a
 * model or a template writes is a draft: people approve it.
 */
public final class ReleaseNotes {
  private static final Logger LOG = LoggerFactory.getLogger("trackersync");
  private static final Path PROMPT = Path.of("routes/api/ask-llm-prompt.txt");
  private static final Path TEMPLATE = Path.of("routes/api/draft-release-note-template.txt");
  private static final int DESCRIPTION_MAX = 20_000;
  private static final int NOTE_MAX = 4_000;
  private static final int ANSWER_MAX = 1_000_000;
  private static final Pattern BLANK = Pattern.compile("\\{([a-z_]+)}");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Settings settings;
  private final AtomicInteger calls = new AtomicInteger();

  ReleaseNotes(Settings settings) {
    this.settings = settings;
  }

  /** In: the bug's row, variable request. Sets bug and draftedBy, llm or template; or refuses. */
  public void begin(Exchange exchange) {
    Map<String, Object> bug = row(exchange);
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    if (bug == null) {
      throw new ApiException(404, "there is no such resource");
    }
    if (!List.of("pending", "ai_generated").contains(bug.get("status"))) {
      throw new ApiException(
          409,
          "the release note is " + bug.get("status"),
          Map.of("cure", "Step back to ai_generated or pending first."));
    }
    if ("people".equals(bug.get("release_note_by"))
        && !Boolean.TRUE.equals(request.get("replace"))) {
      throw new ApiException(
          409,
          "the release note was written by hand",
          Map.of("cure", "Send {\"replace\": true} to have a draft in its place."));
    }
    if (bug.get("title") == null) {
      throw new ApiException(
          409,
          "bug " + bug.get("bugsby_id") + " was never read: there is nothing to write from",
          Map.of("cure", "Sync it: POST /bugsby/sync/" + bug.get("bugsby_id") + "."));
    }
    exchange.setVariable("bug", bug);
    exchange.setVariable(
        "draftedBy", settings.find("release-notes.llm.url").isPresent() ? "llm" : "template");
  }

  /** Sets draft: the template filled in, the same for the same bug. */
  public void template(Exchange exchange) {
    exchange.setVariable("draft", filled(TEMPLATE, bug(exchange)).strip());
  }

  /** Out: the question to the model as body and headers; 503 when the budget is used up. */
  public void question(Exchange exchange) {
    int most = settings.integer("release-notes.llm.calls-max");
    if (calls.incrementAndGet() > most) {
      calls.decrementAndGet();
      throw new ApiException(
          503,
          "the " + most + " calls to the language model that this run may make are used up",
          Map.of("cure", "Raise release-notes.llm.calls-max, or start the program again."));
    }
    ObjectNode question = JSON.createObjectNode();
    question.put("model", settings.get("release-notes.llm.model"));
    question.put("max_tokens", settings.integer("release-notes.llm.tokens-max"));
    question.put("temperature", 0);
    question
        .putArray("messages")
        .addObject()
        .put("role", "user")
        .put("content", filled(PROMPT, bug(exchange)));
    Message message = exchange.getMessage();
    String url = settings.get("release-notes.llm.url").replaceAll("/+$", "");
    message.setHeader(
        Exchange.HTTP_URI, url.endsWith("/chat/completions") ? url : url + "/chat/completions");
    message.setHeader(Exchange.HTTP_METHOD, "POST");
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader("Accept", "application/json");
    settings
        .find("release-notes.llm.token")
        .ifPresent(token -> message.setHeader("Authorization", "Bearer " + token));
    message.setBody(question.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** No answer came. */
  public void lost(Exchange exchange) {
    Throwable root = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    while (root.getCause() != null) {
      root = root.getCause();
    }
    LOG.warn("release notes: no answer of the language model: {}", root.toString());
    throw refused(
        root instanceof SocketTimeoutException ? "does not answer in time" : "cannot be reached");
  }

  /** In: the model's answer. Sets draft, or 502. */
  public void answer(Exchange exchange) throws IOException {
    Message in = exchange.getMessage();
    int status = in.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    byte[] body = body(in);
    in.removeHeaders("*");
    if (status != 200) {
      throw refused("answers " + status);
    }
    if (body.length > ANSWER_MAX) {
      throw refused("answers more than a note");
    }
    String note = note(body).replace("\0", "").strip();
    if (note.isEmpty() || note.length() > NOTE_MAX) {
      throw refused(note.isEmpty() ? "answers without a note" : "answers more than a note");
    }
    exchange.setVariable("draft", note);
  }

  private static String note(byte[] body) {
    try {
      return JSON.readTree(body).at("/choices/0/message/content").asText("");
    } catch (IOException e) {
      throw refused("answers something that is no JSON");
    }
  }

  private static byte[] body(Message in) throws IOException {
    if (in.getBody() instanceof InputStream stream) {
      try (stream) {
        return stream.readNBytes(ANSWER_MAX + 1);
      }
    }
    byte[] bytes = in.getBody(byte[].class);
    return bytes == null ? new byte[0] : bytes;
  }

  private static ApiException refused(String what) {
    return new ApiException(
        502,
        "the language model " + what,
        Map.of(
            "cure", "Check release-notes.llm.url, .model and .token; or write the note by hand."));
  }

  /** In: variables request, bug, draft, draftedBy. Out: what draft-release-note.sql takes. */
  public void draft(Exchange exchange) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    Map<String, Object> row = new HashMap<>();
    row.put("id", bug(exchange).get("id").toString());
    row.put("version", bug(exchange).get("version"));
    row.put("note", exchange.getVariable("draft"));
    row.put("by", exchange.getVariable("draftedBy"));
    row.put(ApiRequest.CALLER, request.get(ApiRequest.CALLER));
    exchange.getMessage().setBody(row);
  }

  /** In: the id of the bug written, or nothing. */
  public void written(Exchange exchange) {
    if (exchange.getMessage().getBody() == null) {
      throw new ApiException(
          409,
          "the bug was changed while its note was drafted; it stays as it is",
          Map.of("cure", "Read it again."));
    }
  }

  /** In: rows of export-release-notes.sql, variable request. Out: Markdown. */
  public void markdown(Exchange exchange) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> rows = exchange.getMessage().getBody(List.class);
    StringBuilder page = new StringBuilder("# Release notes: ");
    page.append(plain(request.get("release"))).append('\n');
    String last = null;
    for (Map<String, Object> row : rows) {
      String component = row.get("component") == null ? "Other" : plain(row.get("component"));
      if (!component.equals(last)) {
        page.append("\n## ").append(component).append("\n\n");
        last = component;
      }
      // the note is Markdown as people wrote it; kept inside its item
      page.append("- ")
          .append(row.get("release_note").toString().strip().replaceAll("\\R", "\n  "))
          .append(" (")
          .append(plain(row.get("bugsby_id")))
          .append(")\n");
    }
    if (rows.isEmpty()) {
      page.append("\nNo approved notes.\n");
    }
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    message.setHeader(Exchange.CONTENT_TYPE, "text/markdown; charset=utf-8");
    message.setBody(page.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Text of the source, in one line and without a meaning in Markdown. */
  private static String plain(Object text) {
    return text.toString()
        .replaceAll("\\s+", " ")
        .strip()
        .replaceAll("([\\\\`*_\\[\\]<>#|])", "\\\\$1");
  }

  private static String filled(Path file, Map<String, Object> bug) {
    Map<String, String> words = new HashMap<>();
    bug.forEach((name, value) -> words.put(name, value == null ? "" : value.toString()));
    String type = words.get("bug_type");
    words.put("kind", type.equals("BUG") ? "Fixed" : type.equals("FEATURE") ? "New" : "Changed");
    String component = words.get("component");
    words.put("component_in", component.isEmpty() ? "" : " in " + component);
    words.put("title", words.get("title").strip().replaceAll("[.\\s]+$", ""));
    String description = words.get("description");
    words.put(
        "description", description.substring(0, Math.min(description.length(), DESCRIPTION_MAX)));
    Matcher blank = BLANK.matcher(read(file));
    // in one pass: what is filled in is not looked at again
    return blank.replaceAll(
        found -> Matcher.quoteReplacement(words.getOrDefault(found.group(1), found.group())));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> bug(Exchange exchange) {
    return exchange.getVariable("bug", Map.class);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> row(Exchange exchange) {
    return exchange.getMessage().getBody(Map.class);
  }
}
