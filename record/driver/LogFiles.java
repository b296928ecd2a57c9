import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.metadata.MetadataJsonConverters;
import org.apache.kafka.common.metadata.MetadataRecordType;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.server.common.ApiMessageAndVersion;

/** What stands in log files, also in those of a stopped broker. */
final class LogFiles {
  /** Every decision of the controller from an offset on. */
  static JsonNode metadata(String folder, long fromOffset) throws IOException {
    MetadataRecordSerde serde = new MetadataRecordSerde();
    ArrayNode records = Driver.JSON.createArrayNode();
    for (File segment : segments(folder)) {
      // Not closed in the usual way: that would cut off what the running process has appended meanwhile.
      FileRecords file = FileRecords.open(segment, false);
      try {
        for (RecordBatch batch : file.batches()) {
          if (batch.isControlBatch() || batch.lastOffset() < fromOffset) continue;
          for (Record record : batch) {
            if (record.offset() < fromOffset) continue;
            ApiMessageAndVersion message = serde.read(new ByteBufferAccessor(record.value()), record.valueSize());
            ObjectNode entry = records.addObject().put("offset", record.offset()).put("at", batch.maxTimestamp());
            entry.put("type", nameOf(MetadataRecordType.fromId(message.message().apiKey())));
            entry.set("data", MetadataJsonConverters.writeJson(message.message(), message.version()));
          }
        }
      } finally {
        file.closeHandlers();
      }
    }
    return records;
  }

  /** PARTITION_CHANGE_RECORD as PartitionChangeRecord. */
  private static String nameOf(MetadataRecordType type) {
    StringBuilder name = new StringBuilder();
    for (String word : type.name().split("_")) name.append(word.charAt(0)).append(word.substring(1).toLowerCase());
    return name.toString();
  }

  /** The end of a replica's log, its epoch cache, and its records as `offset:eEPOCH:value` if asked for. */
  static JsonNode log(String folder, boolean withValues) throws IOException {
    ObjectNode found = Driver.JSON.createObjectNode();
    if (!new File(folder).isDirectory()) return null;
    long end = 0;
    ArrayNode values = Driver.JSON.createArrayNode();
    for (File segment : segments(folder)) {
      end = Math.max(end, Long.parseLong(segment.getName().replace(".log", "")));
      FileRecords file = FileRecords.open(segment, false);
      try {
        for (RecordBatch batch : file.batches()) {
          end = batch.nextOffset();
          if (!withValues) continue;
          String epoch = ":e" + batch.partitionLeaderEpoch() + ":";
          for (Record record : batch) values.add(record.offset() + epoch + valueOf(batch, record));
        }
      } finally {
        file.closeHandlers();
      }
    }
    found.put("logEndOffset", end);
    if (withValues) found.set("values", values);
    return found;
  }

  private static String valueOf(RecordBatch batch, Record record) {
    if (batch.isControlBatch())
      return org.apache.kafka.common.record.internal.ControlRecordType.parse(record.key()).name().toLowerCase() + "!";
    byte[] bytes = new byte[record.valueSize()];
    record.value().get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Shortens a stopped broker's log as a power loss would: at the end of the batch before this log end offset. */
  static JsonNode truncate(String folder, long logEndOffset) throws IOException {
    for (File segment : segments(folder)) {
      long size = 0;
      try (FileRecords file = FileRecords.open(segment)) {
        for (RecordBatch batch : file.batches()) if (batch.nextOffset() <= logEndOffset) size += batch.sizeInBytes();
        file.truncateTo((int) size);
      }
    }
    return log(folder, false);
  }

  private static File[] segments(String folder) {
    File[] found = new File(folder).listFiles((parent, name) -> name.endsWith(".log"));
    if (found == null) return new File[0];
    Arrays.sort(found);
    return found;
  }
}
