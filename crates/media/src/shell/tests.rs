//! The whole server on real loopback sockets, over UDP and over ICE-TCP, with real WebRTC clients.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt as _;

use super::*;
use crate::framing::{FrameReader, looks_like_ice_tcp};
use crate::limits::MAX_TCP_PER_ADDRESS;
use crate::names::Kind;
use crate::sim::client::{Client, Got};
use crate::sim::{peer_key, room_key, start as clock};

/// A client's way to the server: a datagram socket, or a stream with framed packets.
pub enum Wire {
    Udp(UdpSocket),
    Tcp(TcpStream, FrameReader),
}

impl Wire {
    pub fn carry(&mut self, client: &mut Client, server: SocketAddr) {
        let mut arrived = Vec::new();
        let mut buffer = [0; 4096];
        match self {
            Wire::Udp(socket) => {
                for packet in client.take_sends() {
                    socket.send_to(&packet, server).unwrap();
                }
                while let Ok((length, _)) = socket.recv_from(&mut buffer) {
                    arrived.push(buffer[..length].to_vec());
                }
            }
            Wire::Tcp(stream, frames) => {
                for packet in client.take_sends() {
                    let mut frame = u16::try_from(packet.len()).unwrap().to_be_bytes().to_vec();
                    frame.extend(packet);
                    stream.write_all(&frame).unwrap();
                }
                while let Ok(length @ 1..) = stream.read(&mut buffer) {
                    frames.push(&buffer[..length], |packet| arrived.push(packet.to_vec())).unwrap();
                }
            }
        }
        for packet in arrived {
            client.receive(clock(), server, &packet);
        }
        client.tick(clock());
    }
}

async fn join(sfu: &Sfu, mut client: Client) -> (Client, String) {
    let (offer, pending) = client.offer();
    let joined = sfu.join(room_key(1), peer_key(client.peer), offer).await.unwrap();
    client.accept(clock(), pending, &joined.answer);
    (client, joined.answer)
}

async fn talk(
    clients: &mut [(Client, Wire, SocketAddr)],
    done: impl Fn(&[(Client, Wire, SocketAddr)]) -> bool,
) {
    let began: Instant = clock();
    while !done(clients) {
        assert!(clock() < began + Duration::from_secs(20), "no media within 20 s");
        for (client, wire, server) in clients.iter_mut() {
            wire.carry(client, *server);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn all_hear_all(clients: &[(Client, Wire, SocketAddr)]) -> bool {
    let heard = |me: &Client, other: &Client| {
        me.heard(other.peer, Kind::Audio) > 20 && me.heard(other.peer, Kind::Video) > 40
    };
    heard(&clients[0].0, &clients[1].0) && heard(&clients[1].0, &clients[0].0)
}

pub fn udp_client(peer: u8) -> (Client, Wire) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    (Client::new(clock(), peer, socket.local_addr().unwrap()), Wire::Udp(socket))
}

/// Opens a connection to the page listener and hands its other end to the server, as the page listener does.
fn tcp_client(peer: u8, pages: &TcpListener, sfu: &Sfu) -> (Client, Wire) {
    let stream = TcpStream::connect(pages.local_addr().unwrap()).unwrap();
    stream.set_nonblocking(true).unwrap();
    let (accepted, _) = pages.accept().unwrap();
    sfu.accept_std_tcp(accepted, &[]).unwrap();
    let client = Client::new(clock(), peer, stream.local_addr().unwrap()).over_tcp();
    (client, Wire::Tcp(stream, FrameReader::default()))
}

pub fn config(udp_enabled: bool, tcp_public: Vec<SocketAddr>) -> SfuConfig {
    let udp = "127.0.0.1:0".parse().unwrap();
    let (public, picture) = (Vec::new(), Picture::default());
    SfuConfig { udp, udp_enabled, public, tcp_public, picture }
}

#[tokio::test]
async fn two_clients_talk_over_udp_on_loopback() {
    let sfu = Sfu::start(config(true, Vec::new())).unwrap();
    let mut events = sfu.events();
    let server = sfu.udp_address().unwrap();
    let mut clients = Vec::new();
    for peer in [1, 2] {
        let (client, wire) = udp_client(peer);
        let (client, answer) = join(&sfu, client).await;
        assert!(answer.contains(&format!("127.0.0.1 {} typ host", server.port())));
        assert!(answer.contains("a=ice-lite"));
        clients.push((client, wire, server));
    }
    talk(&mut clients, all_hear_all).await;
    assert!(clients.iter().all(|(client, _, _)| client.got.iter().all(Got::intact)));
    let counters = sfu.counters();
    assert_eq!((counters.peers, counters.panics), (2, 0));
    assert!(counters.forwarded > 100);

    sfu.leave(peer_key(1)).await;
    assert_eq!(sfu.report(room_key(1)).await.len(), 1);
    sfu.close_room(room_key(1)).await;
    assert_eq!(sfu.report(room_key(1)).await, []);
    let mut connected = 0;
    while let Ok(event) = events.try_recv() {
        connected += usize::from(matches!(event, MediaEvent::Connected { .. }));
    }
    assert_eq!(connected, 2);
}

#[tokio::test]
async fn two_clients_talk_over_framed_tcp_when_udp_is_off() {
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = pages.local_addr().unwrap();
    let sfu = Sfu::start(config(false, vec![server])).unwrap();
    assert_eq!(sfu.udp_address(), None);
    let mut clients = Vec::new();
    for peer in [1, 2] {
        let (client, wire) = tcp_client(peer, &pages, &sfu);
        let (client, answer) = join(&sfu, client).await;
        assert!(answer.contains("tcptype passive") && !answer.contains(" udp "), "{answer}");
        clients.push((client, wire, server));
    }
    talk(&mut clients, all_hear_all).await;
    assert_eq!(sfu.counters().tcp_connections, 2);
    assert!(clients.iter().all(|(client, _, _)| client.got.iter().all(Got::intact)));
}

#[tokio::test]
async fn one_over_udp_and_one_over_tcp_are_in_the_same_room() {
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let sfu = Sfu::start(config(true, vec![pages.local_addr().unwrap()])).unwrap();
    let (near, near_wire) = udp_client(1);
    let (far, far_wire) = tcp_client(2, &pages, &sfu);
    let (near, _) = join(&sfu, near).await;
    let (far, _) = join(&sfu, far).await;
    let mut clients =
        [(near, near_wire, sfu.udp_address().unwrap()), (far, far_wire, pages.local_addr().unwrap())];
    talk(&mut clients, all_hear_all).await;
}

#[tokio::test]
async fn a_tcp_client_opens_with_bytes_that_look_like_ice() {
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = pages.local_addr().unwrap();
    let sfu = Sfu::start(config(false, vec![server])).unwrap();
    let stream = TcpStream::connect(server).unwrap();
    let (mut accepted, _) = pages.accept().unwrap();
    let client = Client::new(clock(), 1, stream.local_addr().unwrap()).over_tcp();
    let (mut client, _) = join(&sfu, client).await;
    let mut wire = Wire::Tcp(stream, FrameReader::default());
    let Wire::Tcp(stream, _) = &wire else { unreachable!("made above") };
    stream.set_nonblocking(true).unwrap();
    for _ in 0..50 {
        wire.carry(&mut client, server);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    // The listener may also have read the first bytes off the stream; then it hands them over with it.
    let mut first = [0; 12];
    accepted.read_exact(&mut first).unwrap();
    assert_eq!(looks_like_ice_tcp(&first), Some(true));
    sfu.accept_std_tcp(accepted, &first).unwrap();
    let mut clients = [(client, wire, server)];
    talk(&mut clients, |clients| clients[0].0.connected).await;
}

#[tokio::test]
async fn a_closed_stream_is_a_lost_network_at_once() {
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = pages.local_addr().unwrap();
    let sfu = Sfu::start(config(false, vec![server])).unwrap();
    let mut events = sfu.events();
    let (client, wire) = tcp_client(1, &pages, &sfu);
    let (client, _) = join(&sfu, client).await;
    let mut clients = [(client, wire, server)];
    talk(&mut clients, |clients| clients[0].0.connected).await;
    drop(clients);
    let lost = MediaEvent::Disconnected { room: room_key(1), peer: peer_key(1) };
    let told = async { while events.recv().await.unwrap() != lost {} };
    tokio::time::timeout(Duration::from_secs(5), told).await.expect("told long before the check runs out");
}

#[tokio::test]
async fn junk_on_the_stream_closes_it_and_harms_nobody() {
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let sfu = Sfu::start(config(true, vec![pages.local_addr().unwrap()])).unwrap();
    let mut stream = TcpStream::connect(pages.local_addr().unwrap()).unwrap();
    let (accepted, _) = pages.accept().unwrap();
    sfu.accept_std_tcp(accepted, &[]).unwrap();
    stream.write_all(&[0xFF; 64]).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert_eq!(stream.read(&mut [0; 8]).unwrap_or(0), 0, "the server closed it");

    let server = sfu.udp_address().unwrap();
    let mut clients = Vec::new();
    for peer in [1, 2] {
        let (client, wire) = udp_client(peer);
        let (client, _) = join(&sfu, client).await;
        clients.push((client, wire, server));
    }
    talk(&mut clients, all_hear_all).await;
}

/// A caller from this address whose connection was handed over, and who says nothing.
async fn silent(from: &str, pages: &TcpListener, sfu: &Sfu) -> tokio::net::TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    let stream = socket.connect(pages.local_addr().unwrap()).await.unwrap();
    let (accepted, _) = pages.accept().unwrap();
    sfu.accept_std_tcp(accepted, &[]).unwrap();
    stream
}

async fn held(sfu: &Sfu, count: usize) {
    let counted = async {
        while sfu.counters().tcp_connections != count {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(8), counted).await.expect("before they are put out as silent");
}

/// One address that opens connections and says nothing does not take them all.
#[tokio::test]
async fn one_address_has_its_share_of_the_connections_over_tcp() {
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let sfu = Sfu::start(config(false, vec![pages.local_addr().unwrap()])).unwrap();
    let mut open = Vec::new();
    for _ in 0..MAX_TCP_PER_ADDRESS {
        open.push(silent("127.0.0.1", &pages, &sfu).await);
    }
    held(&sfu, MAX_TCP_PER_ADDRESS).await;
    let mut more = silent("127.0.0.1", &pages, &sfu).await;
    let closed = tokio::time::timeout(Duration::from_secs(5), more.read(&mut [0; 8])).await;
    assert_eq!(closed.expect("closed at once").unwrap_or(0), 0);
    let other = silent("127.0.0.2", &pages, &sfu).await;
    held(&sfu, MAX_TCP_PER_ADDRESS + 1).await;
    drop((open.pop(), other));
    held(&sfu, MAX_TCP_PER_ADDRESS - 1).await;
    let _again = silent("127.0.0.1", &pages, &sfu).await;
    held(&sfu, MAX_TCP_PER_ADDRESS).await;
}

#[tokio::test]
async fn a_socket_on_every_address_needs_names_to_tell() {
    let everywhere = SfuConfig { udp: "0.0.0.0:0".parse().unwrap(), ..config(true, Vec::new()) };
    assert!(Sfu::start(everywhere.clone()).is_err());
    let named = SfuConfig { public: vec!["127.0.0.1:0".parse().unwrap()], ..everywhere };
    let sfu = Sfu::start(named).unwrap();
    let (client, _) = udp_client(1);
    let (_, answer) = join(&sfu, client).await;
    assert!(answer.contains(&format!("127.0.0.1 {} typ host", sfu.udp_address().unwrap().port())));
}
