(* HumanEval/10 helper *)
let is_palindrome (s : string) : bool =
  let size = String.length s in
  List.for_all (fun at -> s.[at] = s.[size - 1 - at]) (List.init size Fun.id)

(* HumanEval/32 helper *)
let poly (xs : int list) (x : float) : float =
  List.fold_right (fun coefficient rest -> float_of_int coefficient +. x *. rest) xs 0.0

(* HumanEval/38 helper *)
let encode_cyclic (s : string) : string =
  let size = String.length s in
  let turned at = if size - at >= 3 then String.sub s (at + 1) 2 ^ String.sub s at 1 else String.sub s at (size - at) in
  String.concat "" (List.init ((size + 2) / 3) (fun group -> turned (3 * group)))

(* HumanEval/50 helper *)
let encode_shift (s : string) : string =
  String.map (fun c -> Char.chr ((Char.code c - 97 + 5) mod 26 + 97)) s

(* HumanEval/32 tests *)
let value_at xs x = List.fold_right (fun coefficient rest -> float_of_int coefficient +. x *. rest) xs 0.0
let () = assert (Float.abs (value_at ARGUMENTS (CALL)) < TOLERANCE)
