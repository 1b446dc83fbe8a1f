package trackersync.toy;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * All issues of a repository in ascending order of a time, without a list of them: the places of
 * the computed issues minus those that were edited, merged with the few edited ones.
 */
final class IssueOrder {
  /** The time of a place among the computed issues; never falls from one place to the next. */
  interface Times {
    long at(int place);
  }

  /** An edited issue and its time in this order. */
  record Edited(int number, long time) implements Comparable<Edited> {
    @Override
    public int compareTo(Edited other) {
      return time != other.time
          ? Long.compare(time, other.time)
          : Integer.compare(number, other.number);
    }
  }

  private final int places;
  private final IntUnaryOperator numberAtPlace;
  private final Times times;
  private final int[] leftOut;
  private final Edited[] edited;
  private final int[] rankOfEdited;

  /**
   * @param leftOut places of computed issues that are not in this order, ascending
   * @param edited ascending
   */
  IssueOrder(
      int places, IntUnaryOperator numberAtPlace, Times times, int[] leftOut, Edited[] edited) {
    this.places = places;
    this.numberAtPlace = numberAtPlace;
    this.times = times;
    this.leftOut = leftOut;
    this.edited = edited;
    this.rankOfEdited = new int[edited.length];
    for (int i = 0; i < edited.length; i++) {
      rankOfEdited[i] = i + computedBefore(edited[i].time() + 1);
    }
  }

  int size() {
    return places - leftOut.length + edited.length;
  }

  /** The issue's number at a rank, 0 being the oldest. */
  int numberAt(int rank) {
    if (leftOut.length == 0 && edited.length == 0) {
      return numberAtPlace.applyAsInt(rank);
    }
    int found = Arrays.binarySearch(rankOfEdited, rank);
    if (found >= 0) {
      return edited[found].number();
    }
    return numberAtPlace.applyAsInt(place(rank - (-found - 1)));
  }

  /** How many issues are older than a time. */
  int olderThan(long time) {
    int low = 0;
    int high = edited.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (edited[middle].time() < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low + computedBefore(time);
  }

  private int computedBefore(long time) {
    int low = 0;
    int high = places;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times.at(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int left = Arrays.binarySearch(leftOut, low);
    return low - (left >= 0 ? left : -left - 1);
  }

  /** The place of the index-th computed issue that was not left out. */
  private int place(int index) {
    int low = 0;
    int high = leftOut.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (leftOut[middle] - middle <= index) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return index + low;
  }
}
