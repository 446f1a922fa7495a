package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;

import java.util.List;
import java.util.function.Consumer;

/** The first programs a person who knows asyncio writes. They print to where they are told, so that tests can read it. */
final class Examples {
    private final Consumer<String> print;

    Examples(Consumer<String> print) {
        this.print = print;
    }

    void startAndEnd() {
        print.accept("Start");
        sleep(1).await();
        print.accept("End");
    }

    private String named(String name, double delay) {
        print.accept("Task " + name + " started");
        sleep(delay).await();
        print.accept("Task " + name + " finished");
        return name;
    }

    List<String> twoTasks() {
        Task<String> a = createTask(() -> named("A", 2));
        Task<String> b = createTask(() -> named("B", 1));
        return List.of(a.await(), b.await());
    }

    List<String> twoGathered() {
        return gather(() -> named("A", 2), () -> named("B", 1)).await();
    }

    private String cook(String dish, double seconds) {
        print.accept("开始烹饪 " + dish);
        sleep(seconds).await();
        print.accept(dish + " 做好了！");
        return dish;
    }

    void threeCooks() {
        List<String> dishes = gather(() -> cook("米饭", 3), () -> cook("番茄汤", 2), () -> cook("牛排", 4))
                .await();
        print.accept("全部完成: " + dishes);
    }

    void callback() {
        Future<String> future = Asyncio.getRunningLoop().createFuture();
        future.addDoneCallback(done -> print.accept("callback got " + done.result()));
        future.setResult("the result");
        print.accept("after setResult");
        future.await();
        sleep(0).await();
        print.accept("after await");
    }
}
