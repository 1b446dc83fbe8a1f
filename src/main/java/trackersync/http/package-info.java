/**
 * The HTTP side: a gate in front of Camel, the contract in {@code openapi.yaml}, the routes of
 * {@code routes/api}, and the management port.
 */
package trackersync.http;
