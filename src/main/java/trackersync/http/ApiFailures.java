package trackersync.http;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.component.rest.openapi.DefaultRestOpenapiProcessorStrategy;
import org.apache.camel.support.processor.RestBindingAdvice;

/**
 * The last net under the routes of the API. What fails in a route they call has been through that
 * route's error handler, and Camel does not offer it to {@code api-errors} again: the caller would
 * get an empty 500.
 */
final class ApiFailures extends DefaultRestOpenapiProcessorStrategy {

  @Override
  public boolean process(
      OpenAPI api,
      Operation operation,
      String verb,
      String path,
      RestBindingAdvice binding,
      Exchange exchange,
      AsyncCallback callback) {
    return super.process(
        api,
        operation,
        verb,
        path,
        binding,
        exchange,
        doneSync -> {
          if (exchange.getException() != null) {
            Throwable thrown = exchange.getException();
            exchange.setException(null);
            Problem.answer(exchange, thrown);
          }
          callback.done(doneSync);
        });
  }
}
