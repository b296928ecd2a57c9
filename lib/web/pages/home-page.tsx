import { ClusterDemo } from "../home/cluster-demo.js";
import { LessonList } from "../home/lesson-list.js";
import type { BootOf } from "../parts/boot.js";

/** The first page: a cluster that already runs and can be broken, and beside it what there is to learn. */
export function HomePage({ boot }: { boot: BootOf<"home"> }) {
  return (
    <div class="home">
      <div class="home-intro">
        <h1>Learn Kafka replication by breaking it</h1>
        {boot.cluster !== null && <ClusterDemo cluster={boot.cluster} />}
      </div>
      <LessonList course={boot.course} />
    </div>
  );
}
