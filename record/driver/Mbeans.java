import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.tools.attach.VirtualMachine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** JMX of local processes, without a port: the attach interface starts the agent in them. */
final class Mbeans {
  private final Map<Long, JMXConnector> connectors = new ConcurrentHashMap<>();

  /** `{name: [objectName, attribute]}` of one process gives `{name: value}`; a bean that does not exist yet counts 0. */
  JsonNode read(JsonNode request) throws Exception {
    long pid = request.get("pid").asLong();
    MBeanServerConnection server = connectorOf(pid).getMBeanServerConnection();
    ObjectNode values = Driver.JSON.createObjectNode();
    var beans = request.get("beans").fields();
    while (beans.hasNext()) {
      var bean = beans.next();
      ObjectName name = new ObjectName(bean.getValue().get(0).asText());
      try {
        Object value = server.getAttribute(name, bean.getValue().get(1).asText());
        values.put(bean.getKey(), ((Number) value).longValue());
      } catch (InstanceNotFoundException absent) {
        values.put(bean.getKey(), 0);
      }
    }
    return values;
  }

  private JMXConnector connectorOf(long pid) throws Exception {
    JMXConnector known = connectors.get(pid);
    if (known != null) return known;
    VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
    try {
      JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
      connectors.put(pid, connector);
      return connector;
    } finally {
      machine.detach();
    }
  }
}
