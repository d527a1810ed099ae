//! What one forwarded packet costs on real sockets. A measurement, not a check: run it by name.
//!
//! `cargo test --release -p media -- --ignored --nocapture what_a_forwarded_packet_costs`

use std::net::SocketAddr;
use std::time::Duration;

use super::tests::{Wire, config, udp_client};
use super::*;
use crate::sim::client::Client;
use crate::sim::{peer_key, room_key, start as clock};

#[tokio::test]
#[ignore = "a measurement"]
async fn what_a_forwarded_packet_costs() {
    for rooms in [1, 4] {
        let sfu = Sfu::start(config(true, Vec::new())).unwrap();
        let server = sfu.udp_address().unwrap();
        let mut clients = Vec::new();
        for room in 0..rooms {
            for person in 0..4 {
                let peer = room * 4 + person + 1;
                let (mut client, wire) = udp_client(peer);
                let (offer, pending) = client.offer();
                let joined = sfu.join(room_key(room), peer_key(peer), offer).await.unwrap();
                client.accept(clock(), pending, &joined.answer);
                clients.push((client, wire));
            }
        }
        run(&mut clients, server, Duration::from_secs(3)).await;
        let (before, used_before) = (sfu.counters(), media_thread_ms());
        run(&mut clients, server, Duration::from_secs(8)).await;
        let (after, used) = (sfu.counters(), media_thread_ms() - used_before);
        let forwarded = after.forwarded - before.forwarded;
        report(&format!(
            "{rooms} rooms of 4: {} packets/s forwarded, {:.1} us of processor time each, \
             {} junk, {} dropped",
            forwarded / 8,
            used as f64 * 1_000.0 / forwarded as f64,
            after.junk,
            after.dropped,
        ));
    }
}

async fn run(clients: &mut [(Client, Wire)], server: SocketAddr, time: Duration) {
    let until = clock() + time;
    while clock() < until {
        for (client, wire) in clients.iter_mut() {
            wire.carry(client, server);
            client.got.clear();
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// User and system time of all threads named `media`, as the kernel counts it (hundredths of a second).
fn media_thread_ms() -> u64 {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let stats = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("stat")).ok());
    let ticks = stats.filter(|stat| stat.contains("(media)")).map(|stat| {
        let fields: Vec<&str> = stat[stat.rfind(')').unwrap()..].split(' ').collect();
        fields[12].parse::<u64>().unwrap() + fields[13].parse::<u64>().unwrap()
    });
    ticks.sum::<u64>() * 10
}

#[expect(clippy::print_stdout, reason = "the measured number is what this is for")]
fn report(line: &str) {
    println!("{line}");
}
