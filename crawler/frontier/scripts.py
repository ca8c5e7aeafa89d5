"""The steps of the frontier that must happen as one, for Redis' own interpreter (https://redis.io/docs/latest/develop/programmability/).

KEYS[1] is the prefix of all names.  Times are the server's, in milliseconds: the only clock that all machines share.
"""

from __future__ import annotations

_COMMON = """
local p = KEYS[1]
local told = redis.call('TIME')
local now = told[1] * 1000 + math.floor(told[2] / 1000)

local function put(ticket, host, first)
  redis.call(first and 'RPUSH' or 'LPUSH', p .. 'queue:' .. host, ticket)
  if redis.call('HEXISTS', p .. 'busy', host) == 0 then redis.call('ZADD', p .. 'hosts', 'NX', now, host) end
end

local function drop(token)  -- a token out of all hands; its ticket and host
  local ticket, host = redis.call('HGET', p .. 'taken', token), redis.call('HGET', p .. 'where', token)
  redis.call('HDEL', p .. 'taken', token)
  redis.call('HDEL', p .. 'where', token)
  redis.call('ZREM', p .. 'leases', token)
  if host and redis.call('HGET', p .. 'busy', host) == token then
    redis.call('HDEL', p .. 'busy', host)
    if redis.call('LLEN', p .. 'queue:' .. host) > 0 then redis.call('ZADD', p .. 'hosts', 'NX', now, host) end
  end
  return ticket, host
end
"""
# work, ticket, host → 1, or 0 where the work has a ticket
PUSH = (
    _COMMON
    + """
if redis.call('SADD', p .. 'works', ARGV[1]) == 0 then return 0 end
put(ARGV[2], ARGV[3], false)
return 1
"""
)
# token, lease, most answers, most deaths → ticket.  Tickets whose lease has run out go back first; without a token that is all.
POP = (
    _COMMON
    + """
for _, token in ipairs(redis.call('ZRANGEBYSCORE', p .. 'leases', '-inf', now, 'LIMIT', 0, 100)) do
  local ticket, host = drop(token)
  if ticket then
    if redis.call('HINCRBY', p .. 'deaths', ticket, 1) >= tonumber(ARGV[4]) then
      redis.call('HDEL', p .. 'deaths', ticket)
      redis.call('RPUSH', p .. 'lost', ticket)
    else
      put(ticket, host, true)
    end
  end
end
if ARGV[1] == '' or redis.call('LLEN', p .. 'answers') >= tonumber(ARGV[3]) then return false end
local host = redis.call('ZRANGE', p .. 'hosts', 0, 0)[1]
if not host then return false end
redis.call('ZREM', p .. 'hosts', host)
local ticket = redis.call('RPOP', p .. 'queue:' .. host)
if not ticket then return false end
redis.call('HSET', p .. 'taken', ARGV[1], ticket)
redis.call('HSET', p .. 'where', ARGV[1], host)
redis.call('HSET', p .. 'busy', host, ARGV[1])
redis.call('ZADD', p .. 'leases', now + ARGV[2], ARGV[1])
return ticket
"""
)
# token, answer or '', rest of the ticket or '', its host, what is put aside or '', how much of that is kept → 1, or 0 for a lost lease.
# The token "lost" stands for the first ticket of that list.
HAND_BACK = (
    _COMMON
    + """
local ticket
if ARGV[1] == 'lost' then ticket = redis.call('LPOP', p .. 'lost') else ticket = drop(ARGV[1]) end
if not ticket then return 0 end
redis.call('HDEL', p .. 'deaths', ticket)
if ARGV[2] ~= '' then redis.call('RPUSH', p .. 'answers', ARGV[2]) end
if ARGV[3] ~= '' then put(ARGV[3], ARGV[4], false) end
if ARGV[5] ~= '' then
  redis.call('RPUSH', p .. 'poisoned', ARGV[5])
  redis.call('LTRIM', p .. 'poisoned', -ARGV[6], -1)
end
return 1
"""
)
# tokens
GIVE_BACK = (
    _COMMON
    + """
for _, token in ipairs(ARGV) do
  local ticket, host = drop(token)
  if ticket then put(ticket, host, true) end
end
"""
)
# worker, lease, tokens
RENEW = (
    _COMMON
    + """
redis.call('ZADD', p .. 'workers', now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', p .. 'workers', '-inf', now - 86400000)
for i = 3, #ARGV do redis.call('ZADD', p .. 'leases', 'XX', now + ARGV[2], ARGV[i]) end
"""
)
