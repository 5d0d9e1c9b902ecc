import java.util.EnumSet;
import javax.servlet.DispatcherType;
import org.apache.solr.servlet.CoreContainerProvider;
import org.apache.solr.servlet.SolrDispatchFilter;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.DefaultServlet;
import org.eclipse.jetty.servlet.ServletContextHandler;

/** Serves the Solr home given as argument on a free port of 127.0.0.1 and prints the port. */
public final class SolrLauncher {
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);

        ServletContextHandler solr = new ServletContextHandler(server, "/solr", ServletContextHandler.NO_SESSIONS);
        solr.setAttribute(SolrDispatchFilter.SOLRHOME_ATTRIBUTE, arguments[0]);
        solr.addEventListener(new CoreContainerProvider());
        solr.addFilter(SolrDispatchFilter.class, "/*", EnumSet.of(DispatcherType.REQUEST));
        // A filter runs only where a servlet stands behind it.
        solr.addServlet(DefaultServlet.class, "/");

        server.start();
        System.out.println("port " + connector.getLocalPort());
        // Whoever started us holds our input open: when he ends, even by kill -9, so does this server.
        while (System.in.read() != -1) { }
        server.stop();
    }
}
