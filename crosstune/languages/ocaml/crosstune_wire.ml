(* Values between judge and candidate, and the loop that answers calls; see docs/values.md. Nothing here needs
   protection from the candidate: all that it can change is what it answers. *)

type value =
  | Nothing
  | Bool of bool
  | Int of int64
  | Float of float
  | Char of int
  | Text of string
  | List of value list
  | Map of (value * value) list

exception Unreadable of string

let most_bytes = 16 lsl 20

(* Reading *)

type source = { data : string; mutable at : int }

let take source count =
  let found = String.sub source.data source.at count in
  source.at <- source.at + count;
  found

let u32 source = Int32.to_int (String.get_int32_be (take source 4) 0) land 0xFFFFFFFF
let text source = take source (u32 source)
let repeated count read = List.init count (fun _ -> read ())

let rec value source =
  match (take source 1).[0] with
  | 'N' | 'U' -> Nothing
  | 'T' -> Bool true
  | 'F' -> Bool false
  | 'i' -> Int (String.get_int64_be (take source 8) 0)
  | 'd' -> Float (Int64.float_of_bits (String.get_int64_be (take source 8) 0))
  | 'c' -> Char (u32 source)
  | 's' | 'b' -> Text (text source)
  | 'l' | 't' | 'S' -> List (repeated (u32 source) (fun () -> value source))
  | 'm' ->
      let pair () = let key = value source in (key, value source) in
      Map (repeated (u32 source) pair)
  | tag -> raise (Unreadable (String.make 1 tag))

(* What the candidate's functions take, from what was read *)

let wrong () = raise (Unreadable "a value of another type")
let to_unit = function Nothing -> () | _ -> wrong ()
let to_bool = function Bool each -> each | _ -> wrong ()
let to_int64 = function Int each -> each | _ -> wrong ()
let to_int each = Int64.to_int (to_int64 each)
let to_int32 each = Int64.to_int32 (to_int64 each)
let to_float = function Float each -> each | Int each -> Int64.to_float each | _ -> wrong ()
let to_char = function Char each -> Char.chr each | _ -> wrong ()
let to_string = function Text each -> each | _ -> wrong ()
let to_bytes each = Bytes.of_string (to_string each)
let to_list item = function List items -> List.map item items | _ -> wrong ()
let to_array item each = Array.of_list (to_list item each)
let to_ref item each = ref (item each)
let to_option item = function Nothing -> None | each -> Some (item each)

let to_table key item = function
  | Map pairs -> Hashtbl.of_seq (List.to_seq (List.map (fun (k, v) -> (key k, item v)) pairs))
  | _ -> wrong ()

let items = function List each -> each | _ -> wrong ()

(* Writing *)

type writer = Buffer.t -> unit

let put_u32 number out = Buffer.add_int32_be out (Int32.of_int number)
let put_text each out = put_u32 (String.length each) out; Buffer.add_string out each
let tagged tag each out = Buffer.add_char out tag; put_text each out
let of_unit () out = Buffer.add_char out 'N'
let of_bool each out = Buffer.add_char out (if each then 'T' else 'F')
let of_int64 each out = Buffer.add_char out 'i'; Buffer.add_int64_be out each
let of_int each = of_int64 (Int64.of_int each)
let of_int32 each = of_int64 (Int64.of_int32 each)
let of_float each out = Buffer.add_char out 'd'; Buffer.add_int64_be out (Int64.bits_of_float each)

let of_char each out =
  if Char.code each < 128 then (Buffer.add_char out 'c'; put_u32 (Char.code each) out)
  else tagged 'b' (String.make 1 each) out

(* Surrogates have the three bytes of their code points. *)
let is_text each =
  let size = String.length each in
  let next at = at < size && Char.code each.[at] land 0xC0 = 0x80 in
  let rec from at =
    if at >= size then true
    else
      let first = Char.code each.[at] in
      if first < 0x80 then from (at + 1)
      else if first land 0xE0 = 0xC0 && first >= 0xC2 && next (at + 1) then from (at + 2)
      else if first land 0xF0 = 0xE0 && next (at + 1) && next (at + 2)
              && (first > 0xE0 || Char.code each.[at + 1] >= 0xA0) then from (at + 3)
      else if first land 0xF8 = 0xF0 && first <= 0xF4 && next (at + 1) && next (at + 2) && next (at + 3)
              && (first > 0xF0 || Char.code each.[at + 1] >= 0x90)
              && (first < 0xF4 || Char.code each.[at + 1] < 0x90) then from (at + 4)
      else false
  in
  from 0

let of_string each out = tagged (if is_text each then 's' else 'b') each out
let of_bytes each = of_string (Bytes.to_string each)

let sequence tag writers out =
  Buffer.add_char out tag;
  put_u32 (List.length writers) out;
  List.iter (fun write -> write out) writers

let of_list item each = sequence 'l' (List.map item each)
let of_array item each = of_list item (Array.to_list each)
let of_ref item each = item !each
let of_option item = function None -> of_unit () | Some each -> item each
let of_tuple writers = sequence 't' writers

let of_table key item each out =
  let latest = Hashtbl.create 16 in
  Hashtbl.iter (fun k _ -> Hashtbl.replace latest k ()) each;
  Buffer.add_char out 'm';
  put_u32 (Hashtbl.length latest) out;
  Hashtbl.iter (fun k () -> key k out; item (Hashtbl.find each k) out) latest

let of_result item fault = function
  | Ok each -> item each
  | Error each -> fun out -> tagged 'K' "Error" out; fault each out

(* Calls: a function takes the arguments as they were read, and returns what calls it and what then has changed *)

type call = { outcome : unit -> writer; changed : unit -> (int * writer) list }

let error_of error out =
  let name = Printexc.exn_slot_name error in
  let short = match String.rindex_opt name '.' with
    | Some dot -> String.sub name (dot + 1) (String.length name - dot - 1)
    | None -> name in
  let message = match error with
    | Failure each | Invalid_argument each -> each
    | each -> Printexc.to_string each in
  List.iter (fun each -> put_text each out) [ short; message; "" ]

let written write = let out = Buffer.create 64 in write out; Buffer.contents out

(* An argument that can change: what it is before the call, to be compared afterwards. *)
let watched write =
  let before = written write in
  fun place -> if written write = before then None else Some (place, write)

let answered { outcome; changed } out =
  let write = try let result = outcome () in fun out -> Buffer.add_char out 'R'; result out
    with (Out_of_memory as error) -> raise error
       | error -> fun out -> Buffer.add_char out 'E'; error_of error out in
  write out;
  let changes = changed () in
  put_u32 (List.length changes) out;
  List.iter (fun (place, write) -> put_u32 place out; write out) changes;
  put_text "" out;
  put_text "" out

let answer functions question =
  let source = { data = question; at = 0 } in
  if take source 1 <> "C" then raise (Unreadable "only functions are called");
  let name = text source in
  let arguments = items (value source) in
  written (answered ((List.assoc name functions) arguments))

external input_of : int -> in_channel = "caml_ml_open_descriptor_in"
external output_of : int -> out_channel = "caml_ml_open_descriptor_out"

let send channel frame =
  let size = Bytes.create 4 in
  Bytes.set_int32_be size 0 (Int32.of_int (String.length frame));
  output_bytes channel size;
  if String.length frame <= most_bytes then output_string channel frame;
  flush channel;
  if String.length frame > most_bytes then exit 1

let serve functions =
  let reader = input_of 5 and writer = output_of 6 in
  send writer "H\001";
  try
    while true do
      let size = Int32.to_int (String.get_int32_be (really_input_string reader 4) 0) in
      let question = really_input_string reader size in
      let reply = answer functions question in
      flush_all ();
      send writer reply
    done
  with End_of_file -> exit 0
