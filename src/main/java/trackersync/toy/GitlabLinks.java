package trackersync.toy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Link header of GitLab's pages, and the headers that go with page numbers. */
final class GitlabLinks {
  /** Above this GitLab no longer counts. */
  private static final int COUNTED_MAX = 10_000;

  private static final Pattern PAGE = Pattern.compile("[?&]page=(\\d+)");

  private GitlabLinks() {}

  /**
   * Adds the headers of paging by number.
   *
   * @param total how many records there are
   * @param counted how many pages they fill
   */
  static Answer numbered(
      Answer answer,
      ToyRequest request,
      ToyApi.Place place,
      List<Fault> hits,
      long total,
      long counted) {
    int page = place.page();
    long pages = Math.max(1, counted + (counted == 0 ? 0 : ToyApi.doubled(hits)));
    String next = page < pages ? "" + (page + 1) : "";
    String previous = page > 1 ? "" + Math.min(page - 1, pages) : "";
    List<String> links = new ArrayList<>();
    if (!previous.isEmpty()) {
      links.add(relation(request, place, previous, "prev"));
    }
    if (!next.isEmpty()) {
      links.add(relation(request, place, next, "next"));
    }
    links.add(relation(request, place, "1", "first"));
    if (total <= COUNTED_MAX) {
      links.add(relation(request, place, "" + pages, "last"));
      answer.header("X-Total", "" + total).header("X-Total-Pages", "" + pages);
    }
    String link = String.join(", ", links);
    if (FaultAnswers.leadsAstray(hits)) {
      String astray =
          FaultAnswers.next(
              hits,
              of(request, place, "page", "" + (page + 1)),
              of(request, place, "page", "" + page),
              of(request, place, "page", "" + Math.max(1, page - 1)));
      link = FaultAnswers.link(link, astray);
      next = nextPage(next, astray);
    }
    return answer
        .header("Link", link)
        .header("X-Next-Page", next)
        .header("X-Page", "" + page)
        .header("X-Per-Page", "" + GitlabParameters.perPage(request))
        .header("X-Prev-Page", previous);
  }

  /** A next page's number that agrees with a link that leads astray, where it can. */
  private static String nextPage(String good, String astray) {
    if (astray == null) {
      return "";
    }
    Matcher number = PAGE.matcher(astray);
    return number.find() ? number.group(1) : good;
  }

  private static String relation(ToyRequest request, ToyApi.Place place, String page, String name) {
    return "<" + of(request, place, "page", page) + ">; rel=\"" + name + "\"";
  }

  /** The address of a page: what was asked and what was meant, in the order of the names. */
  static String of(ToyRequest request, ToyApi.Place place, String name, String value) {
    TreeMap<String, List<String>> all = new TreeMap<>();
    for (String one : new LinkedHashSet<>(request.parameterNames())) {
      all.put(one, request.values(one));
    }
    all.put("id", List.of("" + place.source().id()));
    all.put("per_page", List.of("" + GitlabParameters.perPage(request)));
    if (place.target() == Fault.Target.ISSUES) {
      all.putIfAbsent("order_by", List.of("created_at"));
      all.putIfAbsent("sort", List.of("desc"));
      all.putIfAbsent("state", List.of("all"));
      all.putIfAbsent("with_labels_details", List.of("false"));
    }
    all.remove("page");
    all.remove("cursor");
    if (value != null) {
      all.put(name, List.of(value));
    }
    StringBuilder address = new StringBuilder(ToyApi.origin(request)).append(request.path());
    char sign = '?';
    for (Map.Entry<String, List<String>> entry : all.entrySet()) {
      for (String one : entry.getValue()) {
        address.append(sign).append(encode(entry.getKey())).append('=').append(encode(one));
        sign = '&';
      }
    }
    return address.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
