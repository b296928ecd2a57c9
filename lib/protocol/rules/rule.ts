/** A rule of the protocol: traces name it by its id, which is the key of its table. */
export interface Rule {
  /** One sentence in plain words, in the present tense. */
  readonly sentence: string;
  /** Where it comes from: a KIP, a KAFKA issue, a class and method of Kafka, or a section of a specification. */
  readonly source: string;
  /** Versions it holds for, for example `all`, `>=3.7`, `4.1+ with ELR`, `ZooKeeper`. */
  readonly versions: string;
}
