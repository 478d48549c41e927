using Microsoft.Extensions.Logging;

namespace Mlops.Runtime.Workers;

// WHAT A WORKER DESERVES
//
// Code that answers gets the usual place. While a call takes much longer than this model's calls usually do, it gets that of a training. The
// last place gets what computes although nobody asked, and after a call that had to be ended, or many in a row that failed, what has not yet
// answered as often again; this also in the next process. No place costs anything where nobody else wants the processors.

/// <summary>Watches the calls of one model in workers and gives its process the place that it deserves. Calls are made one at a time; otherwise thread-safe.</summary>
internal sealed class WorkerConduct : IDisposable
{
    private const int Debt = 16;
    private const int TimesUsual = 8;
    private static readonly TimeSpan s_long = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_count = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leastIdle = TimeSpan.FromMilliseconds(100);

    private readonly string _title;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private WorkerPriority? _priority;
    private Func<(TimeSpan Wanted, int Threads)>? _demand;
    private TimeSpan _usual;
    private TimeSpan _inCalls;
    private (long At, TimeSpan Wanted, TimeSpan InCalls) _counted;
    private long _began;
    private long _lastEnded;
    private long _judgedFrom;
    private int _debt;
    private bool _isBusy;
    private volatile bool _isWatching;

    public WorkerConduct(string title, ILogger logger, TimeProvider time)
    {
        (_title, _logger, _time) = (title, logger, time);
        _timer = time.CreateTimer(static self => ((WorkerConduct)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets whether its calls have the last place because of what calls before them did.</summary>
    public bool IsInDebt
    {
        get
        {
            lock (_gate)
                return _debt > Debt;
        }
    }

    /// <summary>Takes a process that has loaded the model.</summary>
    /// <param name="priority">Its place.</param>
    /// <param name="demand">Tells how much of the processors its threads have used or waited for so far, and how many they are.</param>
    public void Take(WorkerPriority priority, Func<(TimeSpan Wanted, int Threads)> demand)
    {
        lock (_gate)
        {
            (_priority, _demand, _isBusy) = (priority, demand, false);
            _counted = default;
            Settle(isLong: false);
        }
    }

    /// <summary>Notes that its process goes.</summary>
    public void Leave()
    {
        lock (_gate)
            (_priority, _demand) = (null, null);
    }

    /// <summary>Notes that a call begins.</summary>
    public void Begin()
    {
        Interlocked.Exchange(ref _began, _time.GetTimestamp());
        if (!_isWatching)
            Watch();
    }

    /// <summary>Notes that it was answered.</summary>
    public void Answered()
    {
        TimeSpan taken = End();
        _usual = ((_usual * 7) + taken) / 8;
        if (_debt == 0 && _priority is not { IsLowered: true })
            return;
        Owe(-1);
    }

    /// <summary>Notes that the code failed.</summary>
    public void Failed()
    {
        End();
        Owe(1);
    }

    /// <summary>Notes that nobody waits for its end any more, or that it was not asked at all, which is not its fault.</summary>
    public void GivenUp() => End();

    /// <summary>Notes that it had to be ended, or ended itself.</summary>
    public void Broke()
    {
        End();
        Owe(2 * Debt);
    }

    public void Dispose()
    {
        Leave();
        _timer.Dispose();
    }

    private TimeSpan End()
    {
        long now = _time.GetTimestamp();
        Volatile.Write(ref _lastEnded, now);
        TimeSpan taken = _time.GetElapsedTime(Interlocked.Exchange(ref _began, 0), now);
        lock (_gate)
            _inCalls += taken;
        return taken;
    }

    private void Owe(int more)
    {
        lock (_gate)
        {
            _debt = Math.Clamp(_debt + more, 0, 2 * Debt);
            Settle(isLong: false);
        }
    }

    private void Watch()
    {
        lock (_gate)
        {
            _isWatching = true;
            _counted = default;
            _timer.Change(s_look, s_look);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp(), began = Volatile.Read(ref _began);
            TimeSpan running = began == 0 ? TimeSpan.Zero : _time.GetElapsedTime(began, now);
            if (_counted.At == 0 || _time.GetElapsedTime(_counted.At, now) >= s_count)
                Count(now, running);
            Settle(running > s_long && running > _usual * TimesUsual);

            // Begins anew with the next call. What the last one left behind is judged first, however long it took and however late this comes.
            long ended = Volatile.Read(ref _lastEnded);
            if (began != 0 || _isBusy || _time.GetElapsedTime(ended, now) <= s_count * 3 || (_demand is not null && _judgedFrom < ended))
                return;
            _isWatching = false;
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _began) == 0)
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            else
                _isWatching = true;
        }
    }

    /// <summary>Compares what its threads wanted with the calls that it had: those that a call has left behind want more.</summary>
    private void Count(long now, TimeSpan running)
    {
        if (_demand is null)
            return;
        (long At, TimeSpan Wanted, TimeSpan InCalls) before = _counted;
        (TimeSpan wanted, int threads) = _demand();
        _counted = (now, wanted, _inCalls + running);
        if (before.At == 0)
            return;
        _judgedFrom = before.At;
        TimeSpan inCalls = _counted.InCalls - before.InCalls;
        TimeSpan idle = _time.GetElapsedTime(before.At, now) - inCalls;
        TimeSpan unasked = wanted - before.Wanted - (inCalls * threads);
        bool wasBusy = _isBusy;
        _isBusy = idle >= s_leastIdle && unasked > idle / 2;
        if (_isBusy && !wasBusy)
            Log.ComputesUnasked(_logger, _title);
    }

    private void Settle(bool isLong)
    {
        if (IsInDebt)
            _priority?.Lower(WorkerPriority.Lowest, forGood: true);
        else if (_isBusy)
            _priority?.Lower(WorkerPriority.Lowest, forGood: false);
        else if (isLong)
            _priority?.Lower(WorkerPriority.Starting, forGood: false);
        else
            _priority?.Restore();
    }
}
