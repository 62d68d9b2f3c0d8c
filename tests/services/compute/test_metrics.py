"""What compute tells Prometheus."""

from .conftest import Compute


async def test_attempts_and_queue_lengths_are_measured(compute: Compute) -> None:
    await compute.start_executor()
    await compute.end((await compute.submit("echo")).id)
    await compute.submit("echo", queue="work.large")
    metrics = compute.dependencies.metrics
    metrics.show_lengths(await compute.store.lengths())
    text = compute.dependencies.parts.metrics.text().decode()
    attempt = 'datalab_job_attempt_duration_seconds_count{kind="echo",outcome="succeeded",queue="work"} 1.0'
    assert attempt in text
    assert 'datalab_jobs{queue="work.large",state="queued"} 1.0' in text
    metrics.show_lengths({})
    assert 'datalab_jobs{queue="work.large",state="queued"} 0.0' in compute.dependencies.parts.metrics.text().decode()
