import type { ConfigGroup } from "./definition.js";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Families of keys that no rule of replication reads, whatever comes after the prefix. */
const otherPrefixes: { readonly [G in ConfigGroup]: readonly string[] } = {
  broker: words(`
    alter.log.dirs. config.providers controller. delegation.token. group. internal. listener.name. remote. sasl. share.
    ssl. telemetry. unstable.
  `),
  controller: [],
  topic: ["internal."],
  producer: words("config.providers sasl. ssl. metadata.recovery."),
  consumer: words("config.providers internal. sasl. share. ssl. metadata.recovery."),
  feature: [],
};

/** Whether Kafka has such a key in this group although no rule of replication reads it. */
export function isOtherKey(group: ConfigGroup, name: string): boolean {
  return otherKeys[group].includes(name) || otherPrefixes[group].some((prefix) => name.startsWith(prefix));
}

/**
 * Keys that Kafka has and that no rule of replication reads: network, security, metrics, storage, groups. They are
 * known by name only, so that nobody is told that a real key is misspelt.
 */
const otherKeys: { readonly [G in ConfigGroup]: readonly string[] } = {
  broker: words(`
    advertised.listeners alter.config.policy.class.name authorizer.class.name background.threads broker.id
    client.quota.callback.class compression.gzip.level compression.lz4.level compression.type compression.zstd.level
    connection.failed.authentication.delay.ms connections.max.idle.ms connections.max.reauth.ms
    controller.listener.names controller.quorum.bootstrap.servers controller.quorum.voters controller.socket.timeout.ms
    create.topic.policy.class.name delete.records.purgatory.purge.interval.requests delete.topic.enable
    early.start.listeners fetch.max.bytes fetch.purgatory.purge.interval.requests group.initial.rebalance.delay.ms
    group.max.session.timeout.ms group.max.size group.min.session.timeout.ms inter.broker.listener.name
    inter.broker.protocol.version kafka.metrics.polling.interval.secs kafka.metrics.reporters
    listener.security.protocol.map listeners log.cleaner.backoff.ms log.cleaner.dedupe.buffer.size
    log.cleaner.delete.retention.ms log.cleaner.enable log.cleaner.io.buffer.size log.cleaner.io.max.bytes.per.second
    log.cleaner.max.compaction.lag.ms log.cleaner.min.cleanable.ratio log.cleaner.min.compaction.lag.ms
    log.cleanup.policy log.dir log.dir.failure.timeout.ms log.dirs log.flush.interval.ms
    log.flush.scheduler.interval.ms log.flush.start.offset.checkpoint.interval.ms log.index.interval.bytes
    log.index.size.max.bytes log.local.retention.bytes log.local.retention.ms log.message.format.version
    log.message.timestamp.after.max.ms log.message.timestamp.before.max.ms log.message.timestamp.difference.max.ms
    log.message.timestamp.type log.preallocate log.retention.bytes log.retention.check.interval.ms log.retention.hours
    log.retention.minutes log.retention.ms log.roll.hours log.roll.jitter.hours log.roll.jitter.ms log.roll.ms
    log.segment.bytes log.segment.delete.delay.ms max.connection.creation.rate max.connections
    max.connections.per.ip max.connections.per.ip.overrides max.incremental.fetch.session.cache.slots
    max.request.partition.size.limit metadata.log.dir metadata.log.max.record.bytes.between.snapshots
    metadata.log.max.snapshot.interval.ms metadata.log.segment.bytes metadata.log.segment.ms
    metadata.max.idle.interval.ms metadata.max.retention.bytes metadata.max.retention.ms metric.reporters
    metrics.num.samples metrics.recording.level metrics.sample.window.ms node.id num.io.threads num.network.threads
    num.recovery.threads.per.data.dir num.replica.alter.log.dirs.threads offset.metadata.max.bytes
    offsets.commit.timeout.ms offsets.load.buffer.size offsets.retention.check.interval.ms offsets.retention.minutes
    offsets.topic.compression.codec offsets.topic.num.partitions offsets.topic.replication.factor
    offsets.topic.segment.bytes principal.builder.class process.roles producer.id.expiration.check.interval.ms
    producer.purgatory.purge.interval.requests queued.max.request.bytes queued.max.requests quota.window.num
    quota.window.size.seconds remote.log.storage.system.enable replica.alter.log.dirs.io.max.bytes.per.second
    replica.socket.receive.buffer.bytes replication.quota.window.num replication.quota.window.size.seconds
    request.timeout.ms sasl.enabled.mechanisms sasl.mechanism.inter.broker.protocol security.inter.broker.protocol
    socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms socket.listen.backlog.size
    socket.receive.buffer.bytes socket.request.max.bytes socket.send.buffer.bytes ssl.client.auth
    ssl.keystore.location ssl.keystore.password ssl.truststore.location ssl.truststore.password
    transaction.abort.timed.out.transaction.cleanup.interval.ms transaction.max.timeout.ms
    transaction.partition.verification.enable transaction.state.log.min.isr transaction.state.log.num.partitions
    transaction.state.log.replication.factor transaction.state.log.segment.bytes transactional.id.expiration.ms
    zookeeper.connect zookeeper.connection.timeout.ms
  `),
  controller: words(`
    controller.quorum.append.linger.ms controller.quorum.election.backoff.max.ms controller.quorum.election.timeout.ms
    controller.quorum.fetch.timeout.ms controller.quorum.request.timeout.ms controller.quorum.retry.backoff.ms
    eligible.leader.replicas.enable
  `),
  topic: words("message.downconversion.enable message.format.version message.timestamp.difference.max.ms"),
  producer: words(`
    bootstrap.servers client.dns.lookup client.id compression.gzip.level compression.lz4.level compression.type
    compression.zstd.level connections.max.idle.ms enable.metrics.push interceptor.classes key.serializer
    max.request.size metadata.max.age.ms metadata.max.idle.ms metadata.recovery.strategy metric.reporters
    metrics.num.samples metrics.recording.level metrics.sample.window.ms partitioner.adaptive.partitioning.enable
    partitioner.availability.timeout.ms partitioner.class partitioner.ignore.keys receive.buffer.bytes
    reconnect.backoff.max.ms reconnect.backoff.ms sasl.jaas.config sasl.mechanism security.protocol security.providers
    send.buffer.bytes socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms
    ssl.keystore.location ssl.keystore.password ssl.truststore.location ssl.truststore.password
    transaction.timeout.ms transaction.two.phase.commit.enable value.serializer
  `),
  consumer: words(`
    allow.auto.create.topics auto.commit.interval.ms bootstrap.servers check.crcs client.dns.lookup client.id
    connections.max.idle.ms default.api.timeout.ms enable.auto.commit enable.metrics.push exclude.internal.topics
    fetch.max.bytes group.id group.instance.id group.protocol group.remote.assignor heartbeat.interval.ms
    interceptor.classes key.deserializer max.partition.fetch.bytes max.poll.interval.ms max.poll.records
    metadata.max.age.ms metadata.recovery.strategy metric.reporters metrics.num.samples metrics.recording.level
    metrics.sample.window.ms partition.assignment.strategy receive.buffer.bytes reconnect.backoff.max.ms
    reconnect.backoff.ms retry.backoff.max.ms sasl.jaas.config sasl.mechanism security.protocol security.providers
    send.buffer.bytes session.timeout.ms socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms
    ssl.keystore.location ssl.keystore.password ssl.truststore.location ssl.truststore.password value.deserializer
  `),
  feature: words("group.version kraft.version metadata.version share.version streams.version transaction.version"),
};
